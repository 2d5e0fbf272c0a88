using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the files that a volume shows.</summary>
internal static class VolumeFileRules
{
    private static readonly string[] DownwardFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    public static void Mode(int? mode, FieldErrors errors)
    {
        if (mode is < 0 or > 511)
        {
            errors.Invalid(mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    public static void Keys(IList<V1KeyToPath>? items, FieldErrors errors)
    {
        for (var i = 0; i < items?.Count; i++)
        {
            var place = errors.At(i);
            place.At("key").MustBeSet(items[i].Key);
            place.At("path").MustBeSet(items[i].Path);
            PathRules.LocalNonReserved(items[i].Path, place.At("path"));
            Mode(items[i].Mode, place.At("mode"));
        }
    }

    /// <remarks>Upstream reports these at the source, without the index of the file.</remarks>
    public static void Downward(IList<V1DownwardAPIVolumeFile>? files, FieldErrors errors)
    {
        foreach (var file in files ?? [])
        {
            errors.At("path").MustBeSet(file.Path);
            PathRules.LocalNonReserved(file.Path, errors.At("path"));
            if (file.FieldRef is { } field)
            {
                EnvironmentRules.FieldReference(field, DownwardFields, errors.At("fieldRef"));
                if (file.ResourceFieldRef is not null)
                {
                    errors.Invalid("resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            }
            else if (file.ResourceFieldRef is { } resource)
            {
                EnvironmentRules.ResourceReference(resource, inVolume: true, errors.At("resourceFieldRef"));
            }
            else
            {
                errors.Required("one of fieldRef and resourceFieldRef is required");
            }

            Mode(file.Mode, errors.At("mode"));
        }
    }
}
