# 첫 실행
first-start-title = Anyon 시작하기
first-start-text = 여러 코딩 에이전트를 각자의 git 워크트리에서 나란히 실행하고, 결과를 검토한 뒤 한 번의 확인으로 반영합니다.
first-start-agents = 에이전트
first-start-agents-text = 설치하고 로그인해 둔 에이전트를 그대로 사용합니다.
first-start-project = 첫 프로젝트
first-start-project-text = 프로젝트는 git 저장소입니다. 요청하지 않는 한 기존 체크아웃은 건드리지 않습니다.
first-start-demo = 먼저 둘러보기
first-start-demo-text = 데모는 내장 에이전트를 예제 프로젝트에서 실행합니다. 계정과 네트워크가 필요 없습니다.
first-start-demo-try = 데모 실행
first-start-demo-begins = 데모 준비 중…
first-start-later = 나중에 하기
