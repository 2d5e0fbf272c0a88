namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>Query parameters: selectors, revisions, limits, options, right and wrong.</summary>
internal sealed class RandomQuery(FuzzRandom random)
{
    /// <summary>Percent-encodes what is not one; a lone surrogate becomes something that is.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    public string OfList()
    {
        var parts = new List<string> { "limit=" + (random.Chance(0.8) ? "3" : Escape(random.Text())) };
        while (random.Chance(0.6))
        {
            parts.Add(random.Below(12) switch
            {
                0 or 1 or 2 => "labelSelector=" + Escape(Selector()),
                3 or 4 or 5 => "fieldSelector=" + Escape(Fields()),
                6 => "resourceVersion=" + (random.Chance(0.5) ? random.Pick("0", "1", "", "00", "-1") : Escape(random.Text())),
                7 => "resourceVersionMatch=" + random.Pick("Exact", "NotOlderThan", "", "exact", "x"),
                8 => "continue=" + Escape(random.Chance(0.5) ? random.Text() : Convert.ToBase64String(random.Bytes(60))),
                9 => "watch=" + random.Pick("true", "1", "false", "x", "") + "&timeoutSeconds=" + random.Pick("1", "0", "-1", "x", "99999999999999999999") + "&allowWatchBookmarks=" + random.Pick("true", "x")
                    + "&sendInitialEvents=" + random.Pick("true", "false", "x"),
                10 => "pretty=" + Escape(random.Text()) + "&includeObject=" + random.Pick("None", "Metadata", "Object", "x"),
                _ => Escape(random.Text()) + "=" + Escape(random.Text()),
            });
        }

        return "?" + string.Join('&', parts);
    }

    public string OfWrite(bool dry)
    {
        var parts = new List<string>();
        if (dry)
        {
            parts.Add("dryRun=All");
        }

        while (random.Chance(0.4))
        {
            parts.Add(random.Below(7) switch
            {
                0 => "fieldManager=" + Escape(random.Text()),
                1 => "fieldValidation=" + random.Pick("Strict", "Warn", "Ignore", "x", ""),
                2 => "force=" + random.Pick("true", "false", "x", ""),
                3 => "propagationPolicy=" + random.Pick("Orphan", "Background", "Foreground", "x") + "&gracePeriodSeconds=" + random.Pick("0", "-1", "1", "x", "99999999999999999999"),
                4 => "labelSelector=" + Escape(Selector()),
                5 => "dryRun=" + random.Pick("All", "x", ""),
                _ => Escape(random.Text()) + "=" + Escape(random.Text()),
            });
        }

        // An apply of a dry run without a manager is refused before it is interesting.
        parts.Add("fieldManager=fuzz");
        return "?" + string.Join('&', parts);
    }

    private string Selector() => random.Below(4) switch
    {
        0 => random.Text(),
        1 => string.Join(',', Enumerable.Range(0, random.Below(4)).Select(_ => random.Text() + random.Pick("=", "==", "!=", " in ", " notin ", ">", "<", "") + random.Text())),
        2 => $"{random.Pick("app", "a/b", "!x", random.Text())} {random.Pick("in", "notin", "IN", "=")} ({random.Text()},{random.Text()}{random.Pick(")", "", "))")}",
        _ => random.Pick("app=fuzz", "app", "!app", "a>1", "a<x", ",", "a,,b", "a in ()", "a in (b", "(", "a=b=c", "=", "a = b , c"),
    };

    private string Fields() => random.Below(3) switch
    {
        0 => random.Text(),
        1 => random.Pick("metadata.name", "metadata.namespace", "status.phase", "spec.nodeName", "involvedObject.name", "type", "spec.x", "metadata.uid") + random.Pick("=", "==", "!=", " in ", "") + random.Text(),
        _ => random.Pick("metadata.name=fuzz", "a=b\\", "a=b\\,c", "=", ",", "metadata.name", "metadata.name=a,metadata.name=b", "a\\=b=c", "status.phase!=Running,"),
    };
}
