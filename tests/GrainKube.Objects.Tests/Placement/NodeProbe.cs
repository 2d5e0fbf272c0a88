using GrainKube.Objects.Placement;

namespace GrainKube.Objects.Tests.Placement;

[NodePlacement]
internal sealed class NodeProbe(ILocalSiloDetails silo) : Grain, INodeProbe
{
    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}
