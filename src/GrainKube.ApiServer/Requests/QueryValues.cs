using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>Texts of the query as upstream reads them: of a parameter that is given several times the first counts.</summary>
internal static class QueryValues
{
    /// <returns>Empty where the parameter is absent.</returns>
    public static string First(this IQueryCollection query, string name) => query[name] is [{ } first, ..] ? first : "";
}
