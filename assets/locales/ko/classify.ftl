# Texts of classify
classify-title = 우선순위와 라벨
classify-priority = 우선순위
classify-none = 없음
classify-low = 낮음
classify-medium = 보통
classify-high = 높음
classify-urgent = 긴급
classify-labels = 라벨
classify-new = 새 라벨
classify-new-hint = 이름 하나, 또는 쉼표로 구분해 여러 개 · Enter로 추가
classify-save = 저장
classify-too-long = 라벨은 최대 { $n }자입니다
