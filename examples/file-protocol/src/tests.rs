use super::*;

const TASK: &str = r#"{"id": "t", "args": ["--fast"], "files": ["in.bin"]}"#;

#[test]
fn the_result_carries_the_id_data_and_files() {
    let workspace = workspace_with("ok", &[("task.json", TASK), ("in.bin", "hello")]);

    run_in(&workspace, |task, workspace| {
        assert_eq!(task.args, ["--fast"]);
        let input = workspace.read(&task.files[0], 5)?;
        workspace.write("out.bin", &input)?;
        Ok(Output { data: vec![0, 255], files: vec!["out.bin".into()] })
    })
    .unwrap();

    assert_eq!(
        text(&workspace, "task_result.json"),
        r#"{"Ok":{"id":"t","data":[0,255],"files":["out.bin"]}}"#
    );
    assert_eq!(text(&workspace, "out.bin"), "hello");
}

#[test]
fn work_that_fails_is_a_result() {
    let workspace = workspace_with("err", &[("task.json", TASK)]);

    run_in(&workspace, |_, _| Err("no \"luck\"".into())).unwrap();

    assert_eq!(text(&workspace, "task_result.json"), r#"{"Err":"no \"luck\""}"#);
}

#[test]
fn a_result_that_exists_is_kept() {
    let workspace = workspace_with("twice", &[("task.json", TASK), ("task_result.json", "first")]);

    let error = run_in(&workspace, |_, _| Ok(Output::default())).unwrap_err();

    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(text(&workspace, "task_result.json"), "first");
}

#[test]
fn a_task_that_is_missing_or_damaged_is_an_error() {
    let missing = run_in(&workspace_with("missing", &[]), |_, _| unreachable!()).unwrap_err();
    assert!(missing.to_string().contains("task.json"), "{missing}");

    let damaged = run_in(&workspace_with("damaged", &[("task.json", "{\"id\":")]), |_, _| unreachable!());
    assert_eq!(damaged.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn a_file_longer_than_the_limit_is_refused() {
    let workspace = workspace_with("limit", &[("in.bin", "12345")]);

    assert_eq!(workspace.read("in.bin", 5).unwrap(), b"12345");
    let error = workspace.read("in.bin", 4).unwrap_err();
    assert_eq!(error.to_string(), "`in.bin` is longer than 4 bytes");
}

#[test]
fn a_mount_is_found_by_its_folder_alone() {
    assert!(is_mounted("/dev/root / tfs ro 0 0\nvirtfs0 /workspace 9p rw 0 0\n", "/workspace"));
    assert!(!is_mounted("/dev/root / tfs ro 0 0\n/workspace /workspace2 9p rw 0 0\n", "/workspace"));
}

fn workspace_with(test: &str, files: &[(&str, &str)]) -> Workspace {
    let folder = std::env::temp_dir().join(format!("file-protocol-{}-{test}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let workspace = Workspace(folder);
    for (name, content) in files {
        workspace.write(name, content.as_bytes()).unwrap();
    }
    workspace
}

fn text(workspace: &Workspace, name: &str) -> String {
    fs::read_to_string(workspace.0.join(name)).unwrap()
}

impl Drop for Workspace {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}
