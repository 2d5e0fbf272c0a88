using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Namespaces;

internal sealed class NamespaceColumns : KindColumns<V1Namespace>
{
    public NamespaceColumns()
    {
        Name();
        Text("Status", item => item.Status?.Phase, "The status of the namespace");
        Age();
    }
}
