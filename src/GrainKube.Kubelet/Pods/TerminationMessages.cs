using System.Text;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>Reads what containers left behind about their end, once each.</summary>
internal static class TerminationMessages
{
    private const int LongestFromLog = 2048;
    private const int LinesFromLog = 80;

    public static async Task ReadAsync(PodContext pod, CancellationToken cancel)
    {
        var known = pod.Memory.TerminationMessages;
        foreach (var container in pod.Runtime.Containers)
        {
            if (container.HasEnded() && !known.ContainsKey(container.Id))
            {
                known[container.Id] = await ReadAsync(pod, container, cancel);
            }
        }
    }

    private static async Task<string> ReadAsync(PodContext pod, ContainerState container, CancellationToken cancel)
    {
        var message = await pod.Node.Volumes.ReadTerminationMessageAsync(container, cancel);
        if (message.Length == 0
            && container.StatusExitCode() != 0 && !container.FailedToStart()
            && pod.Find(container.Name)?.TerminationMessagePolicy == "FallbackToLogsOnError")
        {
            message = await TailAsync(pod.Node.Runtime, container.Id, cancel);
        }

        return message.Length > 0 ? message : container.Error;
    }

    private static async Task<string> TailAsync(IContainerRuntime runtime, string id, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        await foreach (var line in runtime.Containers.ReadLogAsync(id, new LogQuery(TailLines: LinesFromLog), cancel))
        {
            text.Write(line.Text.Span);
        }

        var bytes = text.ToArray().AsSpan();
        return Encoding.UTF8.GetString(bytes[Math.Max(0, bytes.Length - LongestFromLog)..]);
    }
}
