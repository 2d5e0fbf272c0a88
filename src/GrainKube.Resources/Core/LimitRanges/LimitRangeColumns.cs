using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.LimitRanges;

internal sealed class LimitRangeColumns : KindColumns<V1LimitRange>
{
    public LimitRangeColumns()
    {
        Name();
        CreatedAt();
    }
}
