//! The file protocol between a program in a Gevulot VM and the node that runs it.
//!
//! The node shares a folder with the VM at [`WORKSPACE`]. It puts `task.json` and the task's files
//! there; the program reads them, works, and leaves its output files and `task_result.json`:
//!
//! ```json
//! {"id": "task-1", "args": ["--length", "256"], "files": ["input.bin"]}
//! {"Ok": {"id": "task-1", "data": [111, 107], "files": ["proof.bin"]}}
//! {"Err": "what went wrong"}
//! ```
//!
//! The folder is a 9p share, and Nanos kernels are delicate there: two stats of one file crash 0.1.55,
//! a rename sometimes hangs. So this crate opens files without a stat ([`std::fs::read`] makes one to
//! learn the size), writes each file in place, and renames nothing.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Where the node's folder is mounted inside the VM.
pub const WORKSPACE: &str = "/workspace";

/// A mount that is not there by then never comes.
const MOUNT_TIMEOUT: Duration = Duration::from_secs(30);

/// What a task's work may fail with; its text becomes the `Err` of the result.
pub type TaskError = Box<dyn Error>;

/// What the node asks for.
#[derive(Debug, Deserialize)]
pub struct Task {
    /// Comes back in the result.
    pub id: String,
    /// The program's arguments for this task; the image's own are in [`std::env::args`].
    pub args: Vec<String>,
    /// Names of the input files in the workspace.
    pub files: Vec<String>,
}

/// What a task's work gives: bytes that travel inside the result, and names of files beside it.
#[derive(Debug, Default)]
pub struct Output {
    /// Small: JSON spends up to four characters on each byte.
    pub data: Vec<u8>,
    /// Names of output files in the workspace.
    pub files: Vec<String>,
}

/// The `Ok` of `task_result.json`.
#[derive(Serialize)]
struct TaskResult<'a> {
    id: &'a str,
    data: Vec<u8>,
    files: Vec<String>,
}

/// The folder that the node and the program share.
#[derive(Debug)]
pub struct Workspace(PathBuf);

impl Workspace {
    /// The workspace in `folder`, which is [`WORKSPACE`] anywhere but in a test.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Reads a whole file of at most `limit` bytes.
    ///
    /// # Errors
    /// When the file cannot be read or is longer.
    pub fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = File::open(self.0.join(name)).map_err(|error| about(name, &error))?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| about(name, &error))?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::other(format!("`{name}` is longer than {limit} bytes")));
        }
        Ok(bytes)
    }

    /// Writes an output file; one of the same name is replaced.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.0.join(name), bytes).map_err(|error| about(name, &error))
    }
}

fn about(name: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{name}`: {error}"))
}

/// Waits for the workspace, reads the task, does the `work` and writes the result: the whole `main`
/// of a program. Work that fails is a result too, `Err` with the error's text, and a success here.
///
/// Fails, with a line on stderr, when there is no workspace after 30 seconds, no readable task, or when
/// the result cannot be written, as when there is one already.
pub fn run(work: impl FnOnce(&Task, &Workspace) -> Result<Output, TaskError>) -> ExitCode {
    let workspace = Workspace::at(Path::new(WORKSPACE));
    match wait_for_mount(WORKSPACE).and_then(|()| run_in(&workspace, work)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// [`run`] for a workspace that is there already, such as a test's.
///
/// # Errors
/// Where [`run`] fails.
pub fn run_in(
    workspace: &Workspace,
    work: impl FnOnce(&Task, &Workspace) -> Result<Output, TaskError>,
) -> io::Result<()> {
    let task_file = File::open(workspace.0.join("task.json")).map_err(|error| about("task.json", &error))?;
    let task: Task = serde_json::from_reader(BufReader::new(task_file))
        .map_err(|error| about("task.json", &error.into()))?;

    let result = match work(&task, workspace) {
        Ok(Output { data, files }) => Ok(TaskResult { id: &task.id, data, files }),
        Err(error) => Err(error.to_string()),
    };

    let result_file = File::create_new(workspace.0.join("task_result.json"))
        .map_err(|error| about("task_result.json", &error))?;
    let mut result_file = BufWriter::new(result_file);
    serde_json::to_writer(&mut result_file, &result)?;
    result_file.flush()
}

/// Nanos starts the program before it has mounted the share.
fn wait_for_mount(folder: &str) -> io::Result<()> {
    let start = Instant::now();
    while !is_mounted(&fs::read_to_string("/proc/mounts")?, folder) {
        if start.elapsed() > MOUNT_TIMEOUT {
            return Err(io::Error::new(io::ErrorKind::TimedOut, format!("nothing is mounted at `{folder}`")));
        }
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// A line of `/proc/mounts` is: device, folder, file system, options, 0, 0.
fn is_mounted(mounts: &str, folder: &str) -> bool {
    mounts.lines().any(|line| line.split(' ').nth(1) == Some(folder))
}

#[cfg(test)]
mod tests;
