using GrainKube.Objects.Tests.World;

namespace GrainKube.Objects.Tests.Placement;

public sealed class TwoSilos : ObjectWorld
{
    protected override short Silos => 2;
}
