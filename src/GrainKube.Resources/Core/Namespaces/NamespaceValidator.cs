using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Namespaces;

internal sealed class NamespaceValidator : IValidator<V1Namespace>
{
    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    public void Validate(V1Namespace item, FieldErrors errors) => Finalizers(item, errors, indexed: false);

    /// <remarks>Nothing but metadata can change through an update.</remarks>
    public void ValidateUpdate(V1Namespace next, V1Namespace current, FieldErrors errors) { }

    public void ValidateStatusUpdate(V1Namespace next, V1Namespace current, FieldErrors errors)
    {
        var phase = next.Status?.Phase ?? "";
        var place = errors.At("status").At("Phase");
        if (next.Metadata?.DeletionTimestamp is null)
        {
            if (phase != "Active")
            {
                place.Invalid(phase, "may only be 'Active' if `deletionTimestamp` is empty");
            }
        }
        else if (phase != "Terminating")
        {
            place.Invalid(phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    }

    public void ValidateSubresource(string subresource, V1Namespace next, V1Namespace current, FieldErrors errors) => Finalizers(next, errors, indexed: true);

    private static void Finalizers(V1Namespace item, FieldErrors errors, bool indexed)
    {
        for (var i = 0; i < item.Spec?.Finalizers?.Count; i++)
        {
            var name = item.Spec.Finalizers[i];
            var place = errors.At("spec").At("finalizers");
            place = indexed ? place.At(i) : place;
            place.Report(name, NameRules.LabelKey(name));
            if (!name.Contains('/') && !StandardFinalizers.Contains(name))
            {
                place.Invalid(name, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }
}
