# 저장소 추가
add-repository-path = git 저장소 폴더
add-repository-path-hint = ~/code/project
add-repository-path-missing = 경로를 먼저 입력하십시오
add-repository-add = 추가
add-repository-browse = 찾아보기…
add-repository-system = 시스템 대화 상자…
add-repository-adding = { $path } 추가 중
add-repository-no-commits = 아직 커밋이 없는 저장소입니다
add-repository-no-commits-text = 에이전트는 커밋에서 시작합니다. { $path }에 빈 첫 커밋을 만들 수 있으며, 파일은 그대로 유지됩니다.
add-repository-initial-commit = 첫 커밋을 만들고 추가
add-repository-found = 이 컴퓨터에서 찾은 저장소
add-repository-searching = git 저장소를 찾는 중…
add-repository-none = 홈 폴더에서 git 저장소를 찾지 못했습니다. 경로를 입력하거나 직접 찾아보십시오.
add-repository-incomplete = 검색이 일찍 끝났습니다. 저장소가 더 있을 수 있습니다.
add-repository-again = 다시 검색
add-repository-all = 전체 { $n }개 표시
add-repository-there = 추가됨
