using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

internal sealed class ResourceSliceColumns : KindColumns<V1ResourceSlice>
{
    public ResourceSliceColumns()
    {
        Name();
        Text("Node", item => item.Spec?.NodeName ?? "<unset>", "The node whose devices they are.");
        Text("Driver", item => item.Spec?.Driver, "The driver.");
        Text("Pool", item => item.Spec?.Pool?.Name, "The pool they belong to.");
        Age();
    }
}
