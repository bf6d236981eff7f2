# 상단 바
top-bar-new-task = 새 작업
top-bar-search = 검색 또는 명령
top-bar-board = 보드
top-bar-about = 정보
