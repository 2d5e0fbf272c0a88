using Microsoft.Extensions.Primitives;

namespace GrainKube.ApiServer.Requests;

/// <summary>Booleans of the query as upstream reads them: absent, <c>false</c> and <c>0</c> are false, everything else (also an empty value) is true.</summary>
internal static class QueryBool
{
    public static bool IsTrue(StringValues value) =>
        value.Count > 0 && !string.Equals(value[0], "false", StringComparison.OrdinalIgnoreCase) && value[0] != "0";
}
