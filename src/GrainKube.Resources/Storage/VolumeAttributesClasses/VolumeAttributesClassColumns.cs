using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttributesClasses;

internal sealed class VolumeAttributesClassColumns : KindColumns<V1VolumeAttributesClass>
{
    public VolumeAttributesClassColumns()
    {
        Name();
        Text("DriverName", item => item.DriverName, "The driver.");
        Age();
    }
}
