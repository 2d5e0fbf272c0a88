using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Sees to it that a volume has one source: the first is checked, more are forbidden.</summary>
internal struct OneSource(FieldErrors errors)
{
    private int found;

    /// <param name="source">Null where the volume is of another type.</param>
    /// <param name="field">Its field.</param>
    /// <param name="rule">What the source must keep to.</param>
    /// <param name="path">Where upstream reports what is wrong with it, if not at the field.</param>
    public void If<T>(T? source, string field, Action<T, FieldErrors> rule, string? path = null)
        where T : class
    {
        if (source is null)
        {
            return;
        }

        if (found++ > 0)
        {
            errors.At(field).Forbidden("may not specify more than 1 volume type");
        }
        else
        {
            rule(source, errors.At(path ?? field));
        }
    }

    /// <summary>A source that upstream lets stand beside an earlier one, and counts.</summary>
    /// <param name="source">Null where the volume is of another type.</param>
    /// <param name="field">Its field.</param>
    /// <param name="rule">What the source must keep to.</param>
    public void Beside<T>(T? source, string field, Action<T, FieldErrors> rule)
        where T : class
    {
        if (source is not null)
        {
            found++;
            rule(source, errors.At(field));
        }
    }

    /// <summary>A volume without a source is none.</summary>
    public readonly void End()
    {
        if (found == 0)
        {
            errors.Required("must specify a volume type");
        }
    }
}
