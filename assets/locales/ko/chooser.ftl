# 폴더나 파일 선택
chooser-folder = 폴더 선택
chooser-file = 파일 선택
chooser-path = 경로
chooser-up = 상위 폴더
chooser-home = 홈 폴더
chooser-show-hidden = 숨김 항목 표시
chooser-hide-hidden = 숨김 항목 감추기
chooser-list = 폴더와 파일
chooser-repository = git 저장소
chooser-empty = 빈 폴더입니다
chooser-no-folders = 하위 폴더가 없습니다
chooser-more = 일부만 표시했습니다. 경로를 입력해 이동할 수 있습니다.
chooser-choose = “{ $name }” 선택
chooser-choose-none = 선택
