using System.CommandLine;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiServer.Audit;

namespace GrainKube.Server;

/// <summary>The flags of the audit log, under upstream's names.</summary>
internal static class AuditFlags
{
    private static readonly AuditOptions Defaults = new();

    public static readonly Option<string> PolicyFile = new("--audit-policy-file") { Description = "File of the audit policy; without one nothing is recorded", DefaultValueFactory = _ => "" };
    public static readonly Option<string> LogPath = new("--audit-log-path") { Description = "File that requests are recorded in, a line each ('-' for standard output)", DefaultValueFactory = _ => "" };
    public static readonly Option<int> LogMaxAge = new("--audit-log-maxage") { Description = "Days after which full files are removed (0 for never)", DefaultValueFactory = _ => Defaults.LogMaxAge };
    public static readonly Option<int> LogMaxBackup = new("--audit-log-maxbackup") { Description = "Full files that are kept (0 for all)", DefaultValueFactory = _ => Defaults.LogMaxBackup };
    public static readonly Option<int> LogMaxSize = new("--audit-log-maxsize") { Description = "Megabytes with which a file is full", DefaultValueFactory = _ => Defaults.LogMaxSize };
    public static readonly Option<string> LogMode = new("--audit-log-mode") { Description = "blocking (requests wait for a slow disk) or batch (events are lost)", DefaultValueFactory = _ => "blocking" };
    public static readonly Option<string> WebhookConfigFile = new("--audit-webhook-config-file") { Description = "A kubeconfig that names the server to which requests are reported", DefaultValueFactory = _ => "" };
    public static readonly Option<int> WebhookBatchMaxSize = new("--audit-webhook-batch-max-size") { Description = "Most events in one report", DefaultValueFactory = _ => Defaults.WebhookBatchMaxSize };
    public static readonly Option<string> WebhookBatchMaxWait = new("--audit-webhook-batch-max-wait") { Description = "How long an event waits for others, for example 30s", DefaultValueFactory = _ => "30s" };

    public static string? Complaint(ParseResult parsed) =>
        parsed.GetValue(LogMode) is not ("blocking" or "batch") ? $"--audit-log-mode '{parsed.GetValue(LogMode)}' is neither 'blocking' nor 'batch'"
        : parsed.GetValue(LogMaxAge) < 0 ? $"--audit-log-maxage {parsed.GetValue(LogMaxAge)} can't be a negative number"
        : parsed.GetValue(LogMaxBackup) < 0 ? $"--audit-log-maxbackup {parsed.GetValue(LogMaxBackup)} can't be a negative number"
        : parsed.GetValue(LogMaxSize) < 0 ? $"--audit-log-maxsize {parsed.GetValue(LogMaxSize)} can't be a negative number"
        : parsed.GetValue(WebhookBatchMaxSize) < 1 ? $"--audit-webhook-batch-max-size {parsed.GetValue(WebhookBatchMaxSize)} must be a positive number"
        : Time(parsed.GetValue(WebhookBatchMaxWait)!) is null ? $"--audit-webhook-batch-max-wait '{parsed.GetValue(WebhookBatchMaxWait)}' is no time"
        : Missing(parsed.GetValue(PolicyFile)!) ? $"--audit-policy-file '{parsed.GetValue(PolicyFile)}' does not exist"
        : Missing(parsed.GetValue(WebhookConfigFile)!) ? $"--audit-webhook-config-file '{parsed.GetValue(WebhookConfigFile)}' does not exist"
        : null;

    public static AuditOptions Of(ParseResult parsed) => new()
    {
        PolicyFile = parsed.GetValue(PolicyFile)!,
        LogPath = parsed.GetValue(LogPath)!,
        LogMaxAge = parsed.GetValue(LogMaxAge),
        LogMaxBackup = parsed.GetValue(LogMaxBackup),
        LogMaxSize = parsed.GetValue(LogMaxSize),
        LogMayDrop = parsed.GetValue(LogMode) == "batch",
        WebhookConfigFile = parsed.GetValue(WebhookConfigFile)!,
        WebhookBatchMaxSize = parsed.GetValue(WebhookBatchMaxSize),
        WebhookBatchMaxWait = Time(parsed.GetValue(WebhookBatchMaxWait)!)!.Value,
    };

    private static bool Missing(string path) => path.Length > 0 && !File.Exists(path);

    /// <summary>A duration of more than nothing, as Go writes it; null where it is none.</summary>
    public static TimeSpan? Time(string text) => GoDuration.TryParse(text, out var time) && time > TimeSpan.Zero ? time : null;
}
