using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for lists: what is too long is not looked into.</summary>
internal static class ListRules
{
    /// <returns>False where the list is too long.</returns>
    public static bool Each<T>(this FieldErrors errors, IList<T>? list, int maximum, Action<T, FieldErrors> rule)
    {
        if (list?.Count > maximum)
        {
            errors.TooMany(list.Count, maximum);
            return false;
        }

        for (var i = 0; i < list?.Count; i++)
        {
            rule(list[i], errors.At(i));
        }

        return true;
    }

    /// <summary>The same for a list in which nothing may be twice.</summary>
    public static void EachOnce<T, TKey>(this FieldErrors errors, IList<T>? list, int maximum, Func<T, TKey> key, Action<T, FieldErrors> rule)
    {
        if (!errors.Each(list, maximum, rule))
        {
            return;
        }

        var seen = new HashSet<TKey>();
        for (var i = 0; i < list?.Count; i++)
        {
            if (!seen.Add(key(list[i])))
            {
                errors.At(i).Duplicate(key(list[i]));
            }
        }
    }
}
