using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Engine;

/// <summary>A pod of one test.</summary>
internal sealed class TestPod(EngineFixture engine)
{
    public string Uid { get; } = Guid.NewGuid().ToString();

    public IContainerRuntime Runtime => engine.Runtime;

    public SandboxSpec Sandbox => new() { PodUid = Uid, Namespace = "default", PodName = "web", Hostname = "web" };

    public SandboxState State { get; private set; } = null!;

    public static async Task<TestPod> StartAsync(EngineFixture engine, Func<SandboxSpec, SandboxSpec>? change = null)
    {
        var pod = new TestPod(engine);
        pod.State = await engine.Runtime.Sandboxes.CreateAsync(change is null ? pod.Sandbox : change(pod.Sandbox), CancellationToken.None);
        return pod;
    }

    /// <summary>A container that runs a shell script as root.</summary>
    public ContainerSpec Script(string script, string name = "main") => Container(name) with { Command = ["/bin/sh", "-c", script] };

    public ContainerSpec Container(string name = "main") => new()
    {
        SandboxId = State.Id,
        PodUid = Uid,
        Namespace = "default",
        PodName = "web",
        Name = name,
        Attempt = 0,
        ImageId = engine.ImageId,
        Image = EngineFixture.Busybox,
        Security = new ContainerSecurity { RunAsUser = 0 },
    };

    public async Task<string> RunAsync(ContainerSpec spec)
    {
        var id = await Runtime.Containers.CreateAsync(spec, CancellationToken.None);
        await Runtime.Containers.StartAsync(id, CancellationToken.None);
        return id;
    }

    /// <summary>Runs to the end and returns what was written.</summary>
    public async Task<string> OutputOfAsync(ContainerSpec spec) => await LogOfAsync(await RunAsync(spec));

    public async Task<string> LogOfAsync(string id)
    {
        var text = "";
        await foreach (var line in Runtime.Containers.ReadLogAsync(id, new LogQuery(Follow: true), CancellationToken.None))
        {
            text += System.Text.Encoding.UTF8.GetString(line.Text.Span);
        }

        return text;
    }

    public Task<ContainerState> EndOfAsync(string id) =>
        Eventually.AsyncOf(async () => await Runtime.Containers.GetAsync(id, CancellationToken.None) is { Phase: ContainerPhase.Exited } state ? state : null);
}
