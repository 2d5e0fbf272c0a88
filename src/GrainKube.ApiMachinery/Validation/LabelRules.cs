namespace GrainKube.ApiMachinery.Validation;

/// <summary>Rules for whole maps of labels and annotations, used for metadata and for pod templates.</summary>
public static class LabelRules
{
    private const int MaximumAnnotationBytes = 256 * 1024;

    public static void Labels(IEnumerable<KeyValuePair<string, string>>? labels, FieldErrors errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            Key(key, errors);
            foreach (var wrong in NameRules.LabelValue(value))
            {
                errors.Invalid(value, wrong);
            }
        }
    }

    public static void Key(string key, FieldErrors errors)
    {
        foreach (var wrong in NameRules.LabelKey(key))
        {
            errors.Invalid(key, wrong);
        }
    }

    public static void Annotations(IEnumerable<KeyValuePair<string, string>>? annotations, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in annotations ?? [])
        {
            size += System.Text.Encoding.UTF8.GetByteCount(key) + System.Text.Encoding.UTF8.GetByteCount(value);

            // Case does not matter in the key of an annotation.
            foreach (var wrong in NameRules.LabelKey(key.ToLowerInvariant()))
            {
                errors.Invalid(key, wrong);
            }
        }

        if (size > MaximumAnnotationBytes)
        {
            errors.TooLong(MaximumAnnotationBytes);
        }
    }
}
