# 여러 패널에서 함께 쓰는 말
common-loading = 불러오는 중…
common-close = 닫기
common-cancel = 취소
common-opening = 프로젝트를 여는 중…
common-open-failed = Anyon 저장소를 열지 못했습니다
common-host-gone = Anyon이 종료되었습니다
age-now = 방금
age-minutes = { $n }분
age-hours = { $n }시간
age-days = { $n }일
age-years = { $n }년
age-ago = { $time } 전
duration-seconds = { $n }초
duration-minutes = { $a }분 { $b }초
duration-hours = { $a }시간 { $b }분
common-quit = 종료
common-asked-title = { $client }의 요청
common-asked-merge = { $name } 시도를 { $target } 브랜치에 반영하려고 합니다.
common-asked-drop = { $name } 작업의 시도를 폐기하려고 합니다. 스냅샷은 남습니다.
common-asked-delete = { $name } 작업을 삭제하려고 합니다.
common-asked-undo = { $name } 시도를 { $target } 브랜치에 반영한 것을 되돌리려고 합니다.
common-asked-restore = { $name } 시도의 파일을 스냅샷 시점으로 되돌리려고 합니다.
common-asked-remove-project = { $name } 프로젝트를 Anyon에서 제거하려고 합니다.
common-asked-other = 되돌릴 수 없는 작업을 하려고 합니다.
common-asked-allow = 허용
common-asked-later = 나중에
common-asked-later-hint = ‘확인 필요’에서 기다립니다
common-closing-title = 에이전트가 아직 실행 중입니다
common-closing-text = 창을 닫아도 에이전트는 계속 실행할 수 있습니다. Anyon을 다시 열면 진행 상황을 볼 수 있습니다. 중지해도 지금까지의 작업은 워크트리에 남으며, 나중에 이어서 진행할 수 있습니다.
common-closing-keep = 계속 실행
common-closing-text-demo = 창을 닫으면 에이전트가 중지됩니다. 지금까지의 작업은 워크트리에 남으며, 다음에 시작할 때 이어서 진행할 수 있습니다.
common-closing-stop = 에이전트 중지 후 종료
common-undo = 실행 취소
common-divider = 보기 경계선
common-interrupted = 중단된 실행 { $n }개
common-resume = { $n ->
    [1] 재개
   *[other] 모두 재개
}
common-notice-open = 열기
common-notice-done = { $agent }의 작업 완료
common-notice-failed = { $agent }의 작업 실패: { $why }
common-open-twice = Anyon이 이미 열려 있습니다
