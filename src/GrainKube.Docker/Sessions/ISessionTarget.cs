namespace GrainKube.Docker.Sessions;

/// <summary>What a session's streams belong to: a command of its own or the main process.</summary>
internal interface ISessionTarget
{
    Task ResizeAsync(ushort width, ushort height, CancellationToken cancel);

    Task<int?> GetExitCodeAsync(CancellationToken cancel);

    /// <summary>The session is over, whether or not the process is.</summary>
    Task EndAsync();
}
