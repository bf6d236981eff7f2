# 사람의 확인을 기다리는 항목
needs-you-title = 확인 필요
needs-you-none = 확인할 항목이 없습니다
needs-you-none-text = 모든 프로젝트의 에이전트 질문, 검토할 작업, 실패를 여기에서 처리합니다.
needs-you-to-board = 보드로 이동
needs-you-interrupted = Anyon 종료로 중단됨
needs-you-attempt = 시도 { $n }
needs-you-land = 반영…
needs-you-resume = 재개
needs-you-open = 열기
needs-you-drop = 폐기…
needs-you-asked-why = 되돌릴 수 없는 작업이라 사람이 결정합니다. 그전에는 아무것도 실행되지 않습니다.
needs-you-key-move = 이동
needs-you-key-yes = 허용·반영·재개
needs-you-key-no = 거부·폐기
needs-you-key-open = 열기
