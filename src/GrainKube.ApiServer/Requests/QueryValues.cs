using System.Globalization;
using System.Numerics;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>Texts of the query as upstream reads them: of a parameter that is given several times the first counts.</summary>
internal static class QueryValues
{
    /// <summary>A number as Go reads one: what is there must be one, also where it is empty.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static long? Number(this IQueryCollection query, string name)
    {
        if (!query.ContainsKey(name))
        {
            return null;
        }

        var text = query.First(name);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var isNumber = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        throw ApiException.BadRequest($"strconv.ParseInt: parsing {JsonSerializer.Serialize(text)}: {(isNumber ? "value out of range" : "invalid syntax")}");
    }

    /// <returns>Empty where the parameter is absent.</returns>
    public static string First(this IQueryCollection query, string name) => query[name] is [{ } first, ..] ? first : "";
}
