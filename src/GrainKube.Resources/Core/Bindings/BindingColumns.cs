using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Bindings;

internal sealed class BindingColumns : KindColumns<V1Binding>
{
    public BindingColumns()
    {
        Name();
        CreatedAt();
    }
}
