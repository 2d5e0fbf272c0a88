using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.StorageClasses;

internal sealed class StorageClassColumns : KindColumns<V1StorageClass>
{
    public StorageClassColumns()
    {
        Cell(NameAndAge.Name, (item, _, _) => IsDefault(item) ? $"{item.Metadata.Name} (default)" : item.Metadata.Name);
        Text("Provisioner", item => item.Provisioner, "Who makes the volumes.");
        Text("ReclaimPolicy", item => item.ReclaimPolicy ?? "Delete", "What becomes of a volume when its claim goes.");
        Text("VolumeBindingMode", item => item.VolumeBindingMode ?? "Immediate", "When volumes are made.");
        Cell(new TableColumn("AllowVolumeExpansion", "string", "Whether volumes may grow."), (item, _, _) => item.AllowVolumeExpansion ?? false);
        Age();
    }

    private static bool IsDefault(V1StorageClass item) => item.Metadata.Annotations is { } annotations
        && ((annotations.TryGetValue("storageclass.kubernetes.io/is-default-class", out var text) && text == "true")
            || (annotations.TryGetValue("storageclass.beta.kubernetes.io/is-default-class", out text) && text == "true"));
}
