namespace GrainKube.Hosting;

/// <summary>The server cannot start, for a reason that one sentence tells its user.</summary>
public sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The command line is at fault.</summary>
    public bool IsUsage { get; init; }
}
