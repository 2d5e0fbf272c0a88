using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Simulation;
using GrainKube.Testing.Runtimes;

namespace GrainKube.Kubelet.Tests.Simulation;

public sealed class SimulatedRuntimeTests : ContainerRuntimeConformance
{
    protected override IContainerRuntime Runtime { get; } = new SimulatedRuntime(TimeProvider.System);

    protected override string PodCidr => "10.9.0.0/24";

    protected override string Image => "nginx:1";
}
