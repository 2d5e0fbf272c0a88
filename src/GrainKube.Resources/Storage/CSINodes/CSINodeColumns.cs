using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSINodes;

internal sealed class CSINodeColumns : KindColumns<V1CSINode>
{
    public CSINodeColumns()
    {
        Name();
        Number("Drivers", item => item.Spec?.Drivers?.Count, "Drivers indicates the number of CSI drivers registered on the node");
        Age();
    }
}
