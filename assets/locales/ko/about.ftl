# 정보
about-title = Anyon
about-text = 여러 코딩 에이전트를 각자의 git 워크트리에서 나란히 실행합니다.
about-running = 실행 환경
about-version = 버전
about-system = 시스템
about-renderer = 렌더러
about-frame = 마지막 프레임
about-frame-ms = { $ms }ms
about-language = 언어
about-copy = 버그 신고용으로 복사
about-copied = 복사했습니다
about-folders = 폴더
about-folders-text = Anyon이 보관하는 모든 것이 이 안에 있습니다.
about-data-folder = 데이터 폴더
about-log-folder = 로그 폴더
about-open-data = 데이터 폴더 열기
about-open-log = 로그 폴더 열기
