module github.com/eiengine/eiengine

go 1.26
