using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Xml;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// A step of the build (compiled by MSBuild itself, to C# 7): picks the summaries of the models in the facts tables out of a package's XML documentation,
/// and writes them compressed, one a line: <c>Model.Property TAB text</c>, line ends within a text as <c>\n</c>.
/// </summary>
public sealed class WriteSchemaDocs : Task
{
    private const string Space = "k8s.Models.";

    [Required] public string Documentation { get; set; }
    [Required] public ITaskItem[] Facts { get; set; }
    [Required] public string Output { get; set; }

    public override bool Execute()
    {
        var models = new HashSet<string>(Facts.SelectMany(f => File.ReadLines(f.ItemSpec).Skip(1)).Select(line => line.Split(' ')[0]));
        Directory.CreateDirectory(Path.GetDirectoryName(Output));
        using (var reader = XmlReader.Create(Documentation))
        using (var writer = new StreamWriter(new GZipStream(File.Create(Output), CompressionLevel.Optimal), new UTF8Encoding(false)) { NewLine = "\n" })
        {
            while (reader.ReadToFollowing("member"))
            {
                var name = reader.GetAttribute("name");
                if (!name.StartsWith("T:" + Space, StringComparison.Ordinal) && !name.StartsWith("P:" + Space, StringComparison.Ordinal))
                {
                    continue;
                }

                var member = name.Substring(2 + Space.Length);
                if (IsWanted(member.Split('.'), models) && reader.ReadToDescendant("summary"))
                {
                    writer.WriteLine(member + "\t" + Text(reader.ReadInnerXml()));
                }
            }
        }

        return true;
    }

    /// <summary>A model, its properties, and of its list what is not the same in every list.</summary>
    private static bool IsWanted(string[] member, HashSet<string> models)
    {
        const string list = "List";
        var model = member[0];
        return models.Contains(model)
            || (model.EndsWith(list, StringComparison.Ordinal) && models.Contains(model.Substring(0, model.Length - list.Length)) && (member.Length == 1 || member[1] == "Items"));
    }

    /// <summary>Undoes the wrapping of lines, but keeps paragraphs and lists apart.</summary>
    private static string Text(string xml)
    {
        var text = new StringBuilder();
        var apart = "";
        foreach (var line in System.Net.WebUtility.HtmlDecode(xml).Split('\n').Select(l => l.Trim()))
        {
            if (line.Length == 0)
            {
                apart = "\\n\\n";
                continue;
            }

            var item = line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("* ", StringComparison.Ordinal);
            text.Append(text.Length == 0 ? "" : apart.Length > 0 ? apart : item ? "\\n" : " ").Append(line.Replace("\t", " "));
            apart = "";
        }

        return text.ToString();
    }
}
