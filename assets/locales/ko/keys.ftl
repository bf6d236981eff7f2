# 전체 단축키
keys-title = 단축키
keys-text = 한글을 조합하는 동안에는 어떤 단축키도 동작하지 않습니다.
keys-everywhere = 공통
keys-palette = 검색과 명령
keys-needs-you = 확인 필요
keys-settings = 설정
keys-keys = 이 페이지
keys-back = 뒤로
keys-chooser = 폴더·파일 선택
keys-move = 이동
keys-open-folder = 폴더 열기
keys-folder-above = 상위 폴더
keys-choose = 선택
