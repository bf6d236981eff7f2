# 시도의 상태
state-queued = 대기 중
state-starting = 시작 중
state-running = 실행 중
state-waiting = 승인 요청
state-review = 검토 대기
state-failed = 실패
state-stopped = 중지됨
state-conflicted = 충돌
state-landed = 반영됨
state-dropped = 폐기됨
