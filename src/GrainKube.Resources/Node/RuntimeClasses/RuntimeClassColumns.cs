using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Node.RuntimeClasses;

internal sealed class RuntimeClassColumns : KindColumns<V1RuntimeClass>
{
    public RuntimeClassColumns()
    {
        Name();
        Text("Handler", item => item.Handler, "What the runtime calls it.");
        Age();
    }
}
