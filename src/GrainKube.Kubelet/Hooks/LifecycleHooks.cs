using System.Text;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Hooks;

/// <summary>Runs <c>postStart</c> and <c>preStop</c>.</summary>
internal static class LifecycleHooks
{
    /// <returns>What went wrong, or null.</returns>
    public static async Task<string?> RunAsync(PodContext pod, V1Container container, string containerId, V1LifecycleHandler hook, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            if (hook.Exec is { } exec)
            {
                var result = await pod.Node.Runtime.Containers.ExecAsync(containerId, [.. exec.Command ?? []], limit, cancel);
                return result.TimedOut ? "command timed out"
                    : result.ExitCode == 0 ? null
                    : $"command '{string.Join(' ', exec.Command ?? [])}' exited with {result.ExitCode}: {Encoding.UTF8.GetString(result.Output)}";
            }

            if (hook.HttpGet is { } http)
            {
                var outcome = await pod.Node.Network.HttpAsync(HandlerTargets.Http(http, container, Environment.FieldReader.PodIp(pod)), limit, cancel);
                return outcome.Success ? null : outcome.Output;
            }

            if (hook.Sleep is { } sleep)
            {
                var wanted = TimeSpan.FromSeconds(sleep.Seconds);
                await Task.Delay(wanted < limit ? wanted : limit, pod.Node.Time, cancel);
            }

            return null;
        }
        catch (Exception failed) when (failed is RuntimeException or FormatException)
        {
            return failed.Message;
        }
    }
}
