using System.Text;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttachments;

internal sealed class VolumeAttachmentValidator : IValidator<V1VolumeAttachment>
{
    private const int MaximumMetadataBytes = 256 * 1024;
    private const int MaximumMessageBytes = 1024;

    public void Validate(V1VolumeAttachment item, FieldErrors errors)
    {
        Always(item, errors);
        var place = errors.At("spec");
        CsiDriverNameRules.Check(item.Spec?.Attacher, place.At("attacher"));
        if (item.Spec?.Source?.PersistentVolumeName is { } volume)
        {
            place.At("source").At("persistentVolumeName").Report(volume, NameRules.DnsSubdomain(volume));
        }
    }

    public void ValidateUpdate(V1VolumeAttachment next, V1VolumeAttachment current, FieldErrors errors)
    {
        Always(next, errors);
        if (!ModelEquality.AreSame(next.Spec, current.Spec))
        {
            errors.At("spec").Invalid(next.Spec, "field is immutable");
        }
    }

    public void ValidateStatusUpdate(V1VolumeAttachment next, V1VolumeAttachment current, FieldErrors errors) => Status(next.Status, errors.At("status"));

    private static void Always(V1VolumeAttachment item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec ?? new V1VolumeAttachmentSpec(), errors.At("spec"));
        place.At("attacher").MustBeSet(spec.Attacher);
        Source(spec.Source ?? new V1VolumeAttachmentSource(), place.At("source"));
        place.At("nodeName").Report(spec.NodeName ?? "", NameRules.DnsSubdomain(spec.NodeName ?? ""));
        Status(item.Status, errors.At("status"));
    }

    private static void Source(V1VolumeAttachmentSource source, FieldErrors errors)
    {
        const string one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        switch (source.InlineVolumeSpec, source.PersistentVolumeName)
        {
            case (null, null):
                errors.Required(one);
                break;
            case (not null, not null):
                errors.Forbidden(one);
                break;
            case (null, ""):
                errors.At("persistentVolumeName").Required("must specify non empty persistentVolumeName");
                break;
            case ({ } inline, null):
                PersistentVolumeRules.Inline(inline, errors.At("inlineVolumeSpec"));
                break;
        }
    }

    private static void Status(V1VolumeAttachmentStatus? status, FieldErrors errors)
    {
        if (status?.AttachmentMetadata?.Sum(p => (long)Encoding.UTF8.GetByteCount(p.Key) + Encoding.UTF8.GetByteCount(p.Value ?? "")) > MaximumMetadataBytes)
        {
            errors.At("attachmentMetadata").TooLong(MaximumMetadataBytes);
        }

        Error(status?.AttachError, errors.At("attachError"));
        Error(status?.DetachError, errors.At("detachError"));
    }

    private static void Error(V1VolumeError? error, FieldErrors errors)
    {
        if (error?.Message is { } message && Encoding.UTF8.GetByteCount(message) > MaximumMessageBytes)
        {
            // Upstream names the larger limit.
            errors.At("message").TooLong(MaximumMetadataBytes);
        }

        if (error?.ErrorCode < 0)
        {
            errors.At("errorCode").Invalid(error.ErrorCode, $"must be between 0 and {int.MaxValue}, inclusive");
        }
    }
}
