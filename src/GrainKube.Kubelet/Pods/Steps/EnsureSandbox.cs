using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Gives the pod its sandbox, or a new one where the old has died.</summary>
internal sealed class EnsureSandbox : IPodStep
{
    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (pod.Plan.NewSandbox is not { } attempt)
        {
            return true;
        }

        // What is left of a try that failed makes the engine tell of an end: that is no reason to try again at once.
        if (pod.Memory.SandboxFailure is { } earlier && earlier.RetryAt > pod.Now)
        {
            pod.WakeBy(earlier.RetryAt);
            return false;
        }

        foreach (var kill in pod.Plan.Kill)
        {
            await ContainerKiller.KillAsync(pod, kill.Container, kill.Message, ContainerKiller.GraceOf(pod), cancel);
        }

        if (attempt > 0)
        {
            pod.Event("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        }

        using var step = KubeletTelemetry.StartStep("create sandbox");
        try
        {
            pod.Add(await pod.Node.Runtime.Sandboxes.CreateAsync(Spec(pod, attempt), cancel));
        }
        catch (RuntimeException away) when (away.Error == RuntimeError.Unavailable)
        {
            Tell(pod, away);
            throw; // when the engine is back, everybody is woken
        }
        catch (RuntimeException failed)
        {
            PutOff(pod, failed.Message); // what is told has been done: whoever hears of it may turn the clock
            Tell(pod, failed);
            return false;
        }

        pod.Node.Tally.SandboxStarted(attempt);
        pod.Memory.SandboxFailure = null;
        if (pod.Runtime.AnyRunning)
        {
            await pod.RefreshAsync(cancel); // of what ran in the old one
        }

        return true;
    }

    private static void Tell(PodContext pod, RuntimeException failed) =>
        pod.Event("Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {failed.Message}");

    private static void PutOff(PodContext pod, string why)
    {
        var failures = (pod.Memory.SandboxFailure?.Failures ?? 0) + 1;
        var pause = Pauses.After(failures);
        pod.Memory.SandboxFailure = new StartFailure("FailedCreatePodSandBox", why, pod.Now + pause, failures);
        pod.WakeBy(pod.Now + pause);
    }

    internal static SandboxSpec Spec(PodContext pod, int attempt)
    {
        var spec = pod.Spec;
        var (servers, searches, options) = PodDns.Of(pod, ResolverSettings.OfHost());
        return new SandboxSpec
        {
            PodUid = pod.Uid,
            Namespace = pod.Object.Key.Namespace,
            PodName = pod.Object.Key.Name,
            Hostname = PodDns.Hostname(pod),
            Attempt = attempt,
            RuntimeHandler = Handler(pod),
            Resources = ContainerLimits.OfPod(spec),
            HostNetwork = spec.HostNetwork == true,
            HostPid = spec.HostPID == true,
            HostIpc = spec.HostIPC == true,
            ShareProcesses = spec.ShareProcessNamespace == true,
            Ports = spec.HostNetwork == true ? [] : [.. Ports(spec)],
            DnsServers = servers,
            DnsSearches = searches,
            DnsOptions = options,
            Sysctls = (spec.SecurityContext?.Sysctls ?? []).ToDictionary(s => SysctlRules.Normal(s.Name), s => s.Value),
        };
    }

    /// <exception cref="RuntimeException">The class is gone since the pod was admitted.</exception>
    private static string Handler(PodContext pod)
    {
        if (pod.Spec.RuntimeClassName is not { Length: > 0 } name)
        {
            return "";
        }

        var found = pod.Node.View.Get(Keys.RuntimeClass(name))
            ?? throw new RuntimeException(RuntimeError.NotFound, $"failed to get sandbox runtime: RuntimeClass \"{name}\" not found");
        return found.As<V1RuntimeClass>().Handler;
    }

    private static IEnumerable<PortBinding> Ports(V1PodSpec spec) =>
        from container in spec.Containers.Concat(spec.InitContainers ?? [])
        from port in container.Ports ?? []
        where port.HostPort is > 0
        select new PortBinding(port.HostIP ?? "", port.HostPort!.Value, port.ContainerPort, port.Protocol ?? "TCP");
}
