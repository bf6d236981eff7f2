# 점검 표시줄, 반영 창, 스냅샷
landing-land = 반영…
landing-onto = → { $target }
landing-more = 시도 작업 더 보기
landing-stop-turn = 턴 중지
landing-stop-agent = 에이전트 중지
landing-stop-now = 바로 중지
landing-stop-turn-more = 에이전트가 하던 일을 멈춥니다. 에이전트는 남아서 다음 메시지를 받습니다. 다시 누르면 에이전트를 종료합니다.
landing-stop-agent-more = 에이전트와 에이전트가 시작한 프로세스를 모두 종료합니다. 작업은 남아 있으며 재개할 수 있습니다
landing-stop-now-more = 더 기다리지 않고 에이전트와 에이전트가 시작한 프로세스를 모두 바로 종료합니다
landing-commit = 미커밋 작업 커밋
landing-snapshots = 스냅샷…
landing-drop = 시도 폐기…
landing-undo = 실행 취소
landing-undo-landing = 반영 취소
landing-remove-worktree = 워크트리 제거
landing-restore = 복원…
landing-landed-on = { $target }에 반영됨 · { $age }
landing-landed-by = { $who }
landing-is-dropped = 폐기됨 · 스냅샷은 보관 중
landing-check-no-worktree = 워크트리가 제거됨 · 파일은 스냅샷에 보관 중
landing-check-worktree-soon = 워크트리 생성 중
landing-check-at-work = 에이전트 작업 중
landing-check-asks = 에이전트가 답변을 기다리는 중
landing-check-loading = 확인 중…
landing-check-nothing = 아직 반영할 내용 없음
landing-check-dirty = { $target } 체크아웃에 미커밋 변경 있음
landing-check-dirty-more = { $path }의 변경 사항을 커밋하거나 스태시한 뒤 반영하십시오
landing-check-no-conflicts = 충돌 없음
landing-check-conflicts = { $target } 충돌: 파일 { $n }개
landing-check-committed = 모두 커밋됨
landing-check-open = 미커밋 파일 { $n }개
landing-check-open-more = 스냅샷을 남긴 뒤 먼저 브랜치에 커밋합니다
landing-check-large = { $n ->
    [one] 매우 큰 파일: { $path } ({ $size } MB)
   *[other] 매우 큰 파일 { $n }개: { $path } ({ $size } MB) 등
}
landing-check-large-file = { $path } ({ $size } MB)
landing-check-ahead = 커밋 { $n }개
landing-check-behind = { $target }에 새 커밋 { $n }개
landing-title = { $short } → { $target } 반영
landing-way = { $branch }의 작업이 { $target }에 커밋 하나로 반영됩니다
landing-message = 커밋 메시지
landing-message-hint = 비워 두면 작업 내용으로 작성됩니다
landing-keep-worktree = 반영 후 워크트리 유지
landing-confirm = 반영
landing-landing = 반영 중…
landing-ask-agent = 에이전트에게 해결 요청
landing-ask-agent-prompt = 이 브랜치를 { $target }에 병합하면 다음 파일에서 충돌이 발생합니다:
    { $files }

    { $target }의 변경 사항을 가져와 양쪽의 의도가 모두 유지되도록 충돌을 해결하고, 정상 동작하는지 확인해 주세요.
landing-told-landed = { $target }에 반영됨
landing-told-dropped = 시도를 폐기했습니다
landing-told-undone = 반영을 취소했습니다
landing-told-restored = 파일을 복원했습니다
landing-told-committed = 미커밋 작업을 커밋했습니다
landing-told-clean = 커밋할 내용 없음
landing-drop-title = 시도 { $n } 폐기
landing-drop-goes = 에이전트가 중지되고 워크트리와 { $branch } 브랜치가 제거됩니다.
landing-drop-kept = 모든 커밋과 파일은 스냅샷으로, 무시된 파일은 휴지통에 { $days }일 동안 보관됩니다. 실행 취소로 되돌릴 수 있습니다.
landing-drop-kept-files = 변경된 파일 { $n }개는 스냅샷으로, 무시된 파일은 휴지통에 { $days }일 동안 보관됩니다. 실행 취소로 되돌릴 수 있습니다.
landing-drop-action = 시도 폐기
landing-snapshots-title = 스냅샷
landing-snapshots-about = 각 단계 직전의 파일 상태입니다. 복원하기 전에 현재 상태도 보관됩니다.
landing-snapshots-none = 아직 없습니다. 커밋, 반영, 폐기, 복원 직전에 만들어집니다.
landing-snapshot = 스냅샷 { $n } · { $age }
landing-snapshot-with-trash = 스냅샷 { $n } · { $age } · 무시된 파일 포함
landing-restore-asks = 에이전트가 답변을 기다리는 중입니다. 먼저 답하거나 중지하십시오
landing-restore-starts = 에이전트가 시작하는 중입니다. 먼저 중지하십시오
landing-restore-at-work = 에이전트가 작업 중입니다. 먼저 중지하십시오
landing-restore-this = 복원
landing-before-commit = 미커밋 작업 커밋 전
landing-before-merge = 반영 전
landing-before-drop = 시도 폐기 전
landing-before-cleanup = 워크트리 제거 전
landing-before-restore = 파일 복원 전
