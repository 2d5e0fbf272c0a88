using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Storage;

/// <summary>Gives claims that name no class the default one.</summary>
internal sealed class DefaultStorageClass(IObjectReader objects) : IMutatingAdmission
{
    private static readonly GroupResource Classes = new("storage.k8s.io", "storageclasses");

    public string Name => "DefaultStorageClass";

    public bool Handles(AdmissionRequest request) => request.Creates("", "persistentvolumeclaims");

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        // An empty name is a choice: no class.
        if (request.Object?["spec"] is { } spec && spec["storageClassName"] is null
            && request.Object["metadata"]?["annotations"]?[VolumeAnnotations.BetaClass] is null
            && VolumeFacts.DefaultOf(objects.All(Classes).Select(c => c.As<V1StorageClass>())) is { } preset)
        {
            spec["storageClassName"] = preset.Metadata.Name;
        }

        return ValueTask.CompletedTask;
    }
}
