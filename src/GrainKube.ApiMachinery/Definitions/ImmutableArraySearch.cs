using System.Collections.Immutable;

namespace GrainKube.ApiMachinery.Definitions;

internal static class ImmutableArraySearch
{
    public static int FindIndex<T>(this ImmutableArray<T> items, Predicate<T> match)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (match(items[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
