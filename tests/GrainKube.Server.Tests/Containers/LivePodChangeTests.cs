using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Containers;

public sealed class LivePodChangeTests(SharedCluster shared) : KubectlTest(shared)
{
    [Fact]
    public async Task A_debugging_container_joins_a_running_pod_and_sees_its_processes()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        await kubectl.OkAsync("debug", "it", $"--image={Sample.Image}", "--target=main", "-c", "look", "--profile=general", "--", "sh", "-c", "ps; sleep 600");

        await kubectl.UntilAsync("pod/it", "{.status.ephemeralContainerStatuses[0].state.running.startedAt}", at => at.Length > 0, "running");
        await Eventually.GetAsync(() => kubectl.OkAsync("logs", "it", "-c", "look"), text => text.Contains("echo started", StringComparison.Ordinal), "the target's processes");
        Assert.Equal("0", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].restartCount}"));
    }

    [Fact]
    public async Task A_running_pod_is_resized_in_place_or_told_why_not()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("it", Sample.Idle, "    resources: { requests: { cpu: 20m, memory: 32Mi }, limits: { cpu: 50m, memory: 32Mi } }"));
        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/it", "--timeout=180s");

        await ResizeAsync("30m", "60m", "48Mi");
        await kubectl.UntilAsync("pod/it", "{.status.containerStatuses[0].resources.limits.memory} {.status.containerStatuses[0].restartCount}", "48Mi 0");
        var limits = await Command.RunAsync("docker", ["ps", "-q", "--filter", $"name=k8s_main_it_{kubectl.Namespace}"]);
        var inForce = await Command.RunAsync("docker", ["inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.CpuQuota}}", limits.Output.Trim()]);
        Assert.Equal("50331648 6000", inForce.Ok().Trim());

        await ResizeAsync("900", "1000", "48Mi");
        await kubectl.UntilAsync("pod/it", "{.status.conditions[?(@.type==\"PodResizePending\")].reason}", "Infeasible");
        Assert.Equal("60m", await kubectl.GetAsync("pod/it", "{.status.containerStatuses[0].resources.limits.cpu}"));

        Task<string> ResizeAsync(string request, string limit, string memory) => kubectl.OkAsync(
            "patch", "pod", "it", "--subresource", "resize", "-p",
            $$"""{"spec": {"containers": [{"name": "main", "resources": {"requests": {"cpu": "{{request}}", "memory": "{{memory}}"}, "limits": {"cpu": "{{limit}}", "memory": "{{memory}}"} } }] } }""");
    }

    [Fact]
    public async Task Kernel_parameters_that_are_not_safe_are_refused()
    {
        var kubectl = await NewAsync(KubectlBinaries.Newest);
        await kubectl.ApplyAsync(Sample.Pod("unsafe", Sample.Idle, "  securityContext: { sysctls: [{ name: kernel.msgmax, value: '10000' }] }"));
        await kubectl.ApplyAsync(Sample.Pod("safe", "cat /proc/sys/kernel/shm_rmid_forced", "  restartPolicy: Never\n  securityContext: { sysctls: [{ name: kernel.shm_rmid_forced, value: '1' }] }"));

        await kubectl.UntilAsync("pod/unsafe", "{.status.phase} {.status.reason}", "Failed SysctlForbidden");
        await kubectl.UntilAsync("pod/safe", "{.status.phase}", "Succeeded");
        Assert.Equal("1\n", await kubectl.OkAsync("logs", "safe"));
    }
}
