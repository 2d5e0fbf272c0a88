namespace GrainKube.ApiServer.Audit;

/// <summary>What is recorded of requests, and where. Names and defaults are those of upstream's flags.</summary>
public sealed record AuditOptions
{
    /// <summary>File of the policy; without one nothing is recorded.</summary>
    public string PolicyFile { get; init; } = "";

    /// <summary>File of JSON lines; <c>-</c> is standard output, empty is none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>Full files are removed after so many days; zero keeps them.</summary>
    public int LogMaxAge { get; init; } = 366;

    /// <summary>So many full files are kept; zero keeps all.</summary>
    public int LogMaxBackup { get; init; } = 100;

    /// <summary>A file is full with so many megabytes.</summary>
    public int LogMaxSize { get; init; } = 100;

    /// <summary>True lets events go that the disk does not keep up with; false lets requests wait.</summary>
    public bool LogMayDrop { get; init; }

    /// <summary>A kubeconfig that names the webhook; empty is none.</summary>
    public string WebhookConfigFile { get; init; } = "";

    /// <summary>Most events in one call of the webhook.</summary>
    public int WebhookBatchMaxSize { get; init; } = 400;

    /// <summary>The webhook is called after so long at the latest.</summary>
    public TimeSpan WebhookBatchMaxWait { get; init; } = TimeSpan.FromSeconds(30);
}
