# Texts of start_dialog
start-dialog-title = 에이전트 시작
start-dialog-start = { $n ->
    [0] 시작
    [1] 시작
   *[other] 에이전트 { $n }개 시작
}
start-dialog-start-one = { $what } 시작
start-dialog-further = 이미 시도가 { $n }개 있습니다. 기존 시도는 그대로 두고 별도 워크트리에서 새 시도를 시작합니다
start-dialog-beside = 시도 { $number }은(는) 그대로 진행되며, 별도 워크트리와 브랜치에서 새 시도를 함께 시작합니다
start-dialog-beside-several = 진행 중인 시도 { $n }개는 그대로 진행되며, 별도 워크트리와 브랜치에서 새 시도를 함께 시작합니다
start-dialog-variant = 변형: { $variant }
start-dialog-times = { $agent }: 시도 { $n }개
start-dialog-logged-out = 로그인 필요
start-dialog-base = 기준 브랜치
start-dialog-target = 대상 브랜치
start-dialog-mode = 승인
start-dialog-mode-ask = 모든 변경과 명령을 실행하기 전에 묻습니다
start-dialog-mode-edits = 자체 워크트리의 편집과 안전한 명령은 허용하고 나머지는 묻습니다
start-dialog-mode-all = 묻지 않고 모두 허용하며 답변은 모두 기록됩니다
start-dialog-missing = 설치하지 않은 에이전트 { $n }개 보기…
