using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;
using GrainKube.Testing.Runtimes;

namespace GrainKube.Docker.Tests;

public sealed class DockerRuntimeTests(EngineFixture engine) : ContainerRuntimeConformance, IClassFixture<EngineFixture>
{
    protected override IContainerRuntime Runtime => engine.Runtime;

    protected override string PodCidr => engine.PodCidr;

    protected override string Image => EngineFixture.Busybox;
}
