using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.Resources.Core.PersistentVolumes;

namespace GrainKube.ApiServer.Admission.Storage;

/// <summary>Puts the protecting finalizers on new claims and volumes.</summary>
internal sealed class StorageObjectInUseProtection : IMutatingAdmission
{
    public string Name => "StorageObjectInUseProtection";

    public bool Handles(AdmissionRequest request) => request.Creates("", "persistentvolumeclaims") || request.Creates("", "persistentvolumes");

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var finalizer = request.Key.Resource == "persistentvolumes" ? VolumeAnnotations.VolumeProtection : VolumeAnnotations.ClaimProtection;
        if (request.Object?["metadata"] is JsonObject metadata)
        {
            var finalizers = metadata["finalizers"] as JsonArray;
            if (finalizers is null)
            {
                metadata["finalizers"] = finalizers = [];
            }

            if (!finalizers.Any(f => (string?)f == finalizer))
            {
                finalizers.Add(finalizer);
            }
        }

        return ValueTask.CompletedTask;
    }
}
