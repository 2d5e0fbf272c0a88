namespace GrainKube.Objects.Cache;

/// <summary>The order of objects in lists: that of their keys in the store, so that a list begun from the cache can be continued from the store.</summary>
internal static class KeyOrder
{
    public static int Compare(string leftNamespace, string leftName, string rightNamespace, string rightName)
    {
        var namespaces = CompareNamespaces(leftNamespace, rightNamespace);
        return namespaces != 0 ? namespaces : string.CompareOrdinal(leftName, rightName);
    }

    /// <summary>Ordinal, with the slash that follows a namespace in the key: <c>a-b/</c> sorts before <c>a/</c>.</summary>
    public static int CompareNamespaces(string left, string right)
    {
        if (ReferenceEquals(left, right))
        {
            return 0;
        }

        var common = left.AsSpan().CommonPrefixLength(right);
        var l = common < left.Length ? left[common] : '/';
        var r = common < right.Length ? right[common] : '/';
        return left.Length == common && right.Length == common ? 0 : l.CompareTo(r);
    }
}
