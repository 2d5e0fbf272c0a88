using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.StaticPods;

/// <summary>
/// Pods from a directory of manifests, one a file. Each has a mirror pod in the API that nobody but the kubelet makes. Where somebody deletes it, it is made anew and the containers run on; a file that
/// changes makes a new pod, one that goes ends its pod.
/// </summary>
internal sealed partial class StaticPods(NodeServices node, string directory, Action wakeAll) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource stop = new();
    private readonly ILogger logger = node.Logs.CreateLogger<StaticPods>();
    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);
    private ITimer? timer;
    private int busy;

    /// <summary>Notes which pods have a file, before what runs on the node is held against the API.</summary>
    public void Note(string nodeUid) => Note(Read(nodeUid));

    /// <summary>Begins to follow the directory, which need not be there yet.</summary>
    public void Start() => timer ??= node.Time.CreateTimer(_ => _ = Task.Run(LookAsync), null, TimeSpan.Zero, Period);

    public void Dispose()
    {
        stop.Cancel();
        timer?.Dispose();
    }

    /// <summary>Brings the mirror pods in line with the files, once.</summary>
    internal async Task SyncAsync(CancellationToken cancel)
    {
        if (node.View.Get(Keys.Node(node.Options.Name)) is not { } self)
        {
            return;
        }

        var wanted = Read(self.Header.Uid);
        Note(wanted);
        await node.View.WaitUntilCurrentAsync(cancel);
        foreach (var pod in node.View.Pods().Where(pod => StaticIdentity.HashOf(pod) is not null).ToList())
        {
            var deleted = pod.Header.DeletionTimestamp is not null;
            if (node.Statics.Keeps(StaticIdentity.Of(pod)) && deleted)
            {
                await node.View.DeleteAsync(pod.Key, pod.Header.Uid, cancel); // only the mirror; another follows
                continue;
            }

            if (!node.Statics.Keeps(StaticIdentity.Of(pod)) && !deleted)
            {
                await node.View.DeleteAsync(pod.Key, pod.Header.Uid, cancel, graceful: true);
            }

            wanted.Remove(pod.Key); // there, or it must go before its successor comes
        }

        foreach (var (_, pod) in wanted)
        {
            await CreateAsync(pod, cancel);
        }
    }

    private void Note(Dictionary<ObjectKey, JsonObject> wanted)
    {
        if (node.Statics.Keep(wanted.Values.Select(StaticIdentity.Of)))
        {
            wakeAll();
        }
    }

    private Dictionary<ObjectKey, JsonObject> Read(string nodeUid)
    {
        var pods = new Dictionary<ObjectKey, JsonObject>();
        if (!Directory.Exists(directory))
        {
            return pods;
        }

        foreach (var path in Directory.EnumerateFiles(directory).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal))
        {
            try
            {
                var pod = StaticPodFile.Read(File.ReadAllBytes(path), node.Options.Name, nodeUid, GoTime.Format(node.Time.GetUtcNow()));
                pods[Keys.Pod((string)pod["metadata"]!["namespace"]!, (string)pod["metadata"]!["name"]!)] = pod;
                told.Remove(path);
            }
            catch (Exception unusable) when (unusable is FormatException or IOException or UnauthorizedAccessException)
            {
                Tell(path, unusable.Message);
            }
        }

        return pods;
    }

    private async Task CreateAsync(JsonObject pod, CancellationToken cancel)
    {
        var name = $"{pod["metadata"]!["namespace"]}/{pod["metadata"]!["name"]}";
        try
        {
            await node.View.CreateAsync(pod, cancel);
            told.Remove(name);
        }
        catch (ApiException refused) when (refused.Status.Code is 403 or 404 or 409 or 422)
        {
            Tell(name, refused.Message);
        }
    }

    /// <summary>Once for each reason, not at each look.</summary>
    private void Tell(string what, string why)
    {
        if (!told.TryGetValue(what, out var before) || before != why)
        {
            told[what] = why;
            LogUnusable(what, why);
        }
    }

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref busy, 1) == 1)
        {
            return;
        }

        try
        {
            await SyncAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The kubelet is stopping.
        }
        catch (Exception failed)
        {
            LogFailed(failed, directory);
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Static pod {What} cannot be used: {Why}")]
    private partial void LogUnusable(string what, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The static pods of {Directory} could not be looked at")]
    private partial void LogFailed(Exception exception, string directory);
}
