# 이 컴퓨터의 에이전트
agents-searching = 에이전트를 찾는 중…
agents-none = { $n ->
    [1] 코딩 에이전트를 찾지 못했습니다. 아래 에이전트를 설치한 뒤 다시 찾으십시오. 데모는 에이전트 없이도 실행됩니다.
   *[other] 코딩 에이전트를 찾지 못했습니다. 아래에서 하나를 설치한 뒤 다시 찾으십시오. 데모는 에이전트 없이도 실행됩니다.
}
agents-again = 다시 찾기
agents-ready = 사용 가능
agents-found = 설치됨
agents-not-found = 설치되지 않음
agents-logged-in = 로그인됨
agents-logged-in-by = 로그인됨 · { $method }
agents-logged-out = 로그인 필요
agents-withheld = 전달하지 않는 환경 변수: { $names }
agents-copy = “{ $command }” 복사
agents-copied = 복사했습니다
agents-hint-install = 터미널에서 다음 명령으로 설치하십시오.
agents-hint-login = 터미널에서 다음 명령으로 로그인하십시오.
agents-hint-login-or = 환경 변수 { $names }를 설정하거나 터미널에서 다음 명령으로 로그인하십시오.
agents-hint-variables = 환경 변수 { $names }를 설정하십시오.
agents-hint-node = (Node { $version } 이상)
