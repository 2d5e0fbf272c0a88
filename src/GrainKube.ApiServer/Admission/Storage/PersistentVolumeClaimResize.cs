using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Storage;

/// <summary>A claim may grow where its class allows it.</summary>
internal sealed class PersistentVolumeClaimResize(IObjectReader objects) : IValidatingAdmission
{
    public string Name => "PersistentVolumeClaimResize";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update && request.Subresource.Length == 0 && request.Is("", "persistentvolumeclaims");

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (SizeOf(request.Object) <= SizeOf(request.Current))
        {
            return ValueTask.CompletedTask;
        }

        if ((string?)request.Current?["status"]?["phase"] != "Bound")
        {
            throw request.Forbidden("Only bound persistent volume claims can be expanded");
        }

        var name = (string?)request.Object?["spec"]?["storageClassName"] ?? "";
        var item = name.Length == 0 ? null : objects.Get(new ObjectKey("storage.k8s.io", "storageclasses", "", name))?.As<V1StorageClass>();
        return item?.AllowVolumeExpansion == true
            ? ValueTask.CompletedTask
            : throw request.Forbidden("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static Quantity SizeOf(JsonObject? claim) =>
        (string?)claim?["spec"]?["resources"]?["requests"]?["storage"] is { } text ? Quantity.Parse(text) : Quantity.Zero;
}
